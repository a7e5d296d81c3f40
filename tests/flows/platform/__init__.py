"""A stand-in for a platform such as Heroku: it deploys the project as it is into dynos with a router in front."""
