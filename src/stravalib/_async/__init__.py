"""The client, written once: async here, its sync twin generated into ``_sync``."""
