"""The product on throw-away engines, with a telephone line at the fake carrier."""

from tests.settings import *  # noqa: F403

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "the token of the account"
BASE_URL = "https://desk.example.com"

ROOT_URLCONF = "tests.telephony.twilio.urls"
ALLOWED_HOSTS = ["*"]
PUBLIC_BASE_URL = BASE_URL
TWILIO_ACCOUNT_SID = ACCOUNT_SID
TWILIO_AUTH_TOKEN = AUTH_TOKEN
TWILIO_API_KEY_SID = "SK" + "1" * 32
TWILIO_API_KEY_SECRET = "a secret of at least thirty-two characters"
TWILIO_TWIML_APP_SID = "AP" + "2" * 32
TWILIO_API_BASE_URL = ""
# What a task queue would do a moment later is done right after the commit, by the process that may die there.
LATER_INLINE = True
DEMO = False
