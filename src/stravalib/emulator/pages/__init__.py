"""What a person sees: consent, the world, errors of the gateway."""
