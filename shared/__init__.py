"""What the services share: contracts, the domain kernel, the delivery kit, the directory and the platform."""
