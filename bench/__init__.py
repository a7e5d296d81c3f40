"""What a delivery costs: Roost beside other servers, measured in the same minutes. See README.md."""
