"""The demo: two small firms with their own people, customers and troubles, loaded through the real actions."""
