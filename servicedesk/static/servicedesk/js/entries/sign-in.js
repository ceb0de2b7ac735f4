// The sign-in page needs nothing but the theme switch.
import { startThemeToggle } from "../theme-toggle.js";

startThemeToggle();
