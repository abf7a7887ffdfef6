import os
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_engine(f"sqlite:///{Path(os.environ.get('STATE_DIRECTORY', '.'), 'orders.db')}")


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str | None]

    def shown(self) -> dict:
        return {"name": self.name, "note": self.note}
