"""WeChat's platform as a strict stranger: it signs, repeats, seals, forgets tokens and refuses by the book."""
