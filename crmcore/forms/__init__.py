"""What people type about customers and what hangs off them; what a form cleans, the actions write."""
