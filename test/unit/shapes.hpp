// Shapes for the tests of plans: the table of orders in its plain form, and one whose names are hostile.
#pragma once

#include <string>
#include <vector>

#include "shape/tables.hpp"

namespace datasurface::shape {

inline Type type(const std::string &name, const std::string &operand = "")
{
    return {name, Equality{"pg_catalog", "=", operand}};
}

inline Type keyless_type(const std::string &name)
{
    return {name, std::nullopt};
}

inline Column column(const std::string &name, const Type &type, bool nullable = true, bool key = false,
                     const std::string &description = "")
{
    return {name, type, description, nullable, key};
}

// Columns have ids from 1 on.
inline Shape numbered(Shape shape)
{
    for (std::size_t i = 0; i < shape.columns.size(); ++i)
        shape.columns[i].id = static_cast<int>(i) + 1;
    return shape;
}

inline Shape orders()
{
    Shape shape;
    shape.store = "sales";
    shape.dataset = "orders";
    shape.names = names("sales", "orders");
    shape.columns = {column("id", type("bigint"), false, true, "number of the order"),
                     column("customer", type("text"), false), column("note", type("text"))};
    shape.primary_key = {"id"};
    shape.description = "orders of the shop";
    return numbered(shape);
}

inline Shape milestoned_orders()
{
    Shape shape = orders();
    shape.milestoned = true;
    return shape;
}

// Names that end an identifier, a literal or a statement wherever one of them is not quoted; a key of several columns,
// not in the order of the table, and one whose type has no equality of its own.
inline Shape hostile()
{
    Shape shape;
    shape.store = "it's";
    shape.dataset = "a\"; DROP TABLE x; --";
    shape.names = names("the \"schema\"", shape.dataset);
    shape.columns = {column("select", type("character varying(10)", "pg_catalog.text"), false, true),
                     column("b\"c", type("integer"), false, true), column("$1", keyless_type("json"))};
    shape.primary_key = {"b\"c", "select"};
    shape.milestoned = true;
    shape.description = "it's; \\ here";
    return numbered(shape);
}

} // namespace datasurface::shape
