from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.execute("UPDATE orders SET name = name || '-' || id WHERE id NOT IN (SELECT min(id) FROM orders GROUP BY name)")
    op.create_index("one_of_a_name", "orders", ["name"], unique=True)


def downgrade():
    op.drop_index("one_of_a_name", "orders")
