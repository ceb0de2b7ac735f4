// The carrier's browser SDK, in a bundle of its own: telephony/twilio_phone.js loads it for the first such call.
export { Device } from "@twilio/voice-sdk";
