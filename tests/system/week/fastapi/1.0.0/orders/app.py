from fastapi import FastAPI
from sqlalchemy.orm import Session

from orders import __version__
from orders.database import Order, engine

app = FastAPI()


@app.get("/health")
def health() -> dict:
    with Session(engine) as session:
        return {"version": __version__, "orders": session.query(Order).count()}


@app.get("/orders")
def orders() -> list:
    with Session(engine) as session:
        return [order.shown() for order in session.query(Order).order_by(Order.id)]


@app.post("/orders/{name}")
def add(name: str) -> dict:
    with Session(engine) as session:
        order = Order(name=name)
        session.add(order)
        session.commit()
        return order.shown()
