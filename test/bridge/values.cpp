// Arguments and results: what goes in comes out.
#include "pg/entry.hpp"
#include "pg/spi.hpp"
#include "witness.hpp"

namespace pg = datasurface::pg;
using datasurface::bridge::Witness;

// A text through C++: its length in bytes of UTF-8, and itself.
DATASURFACE_FUNCTION(bridge_echo)
{
    std::string const text = call.text(0, "value");
    return call.returns_row({static_cast<std::int32_t>(text.size()), text});
}

// A text through C++, as the argument of a statement, and back as its result.
DATASURFACE_FUNCTION(bridge_echo_by_query)
{
    pg::Rows const rows = pg::query({"echo", "SELECT $1, octet_length($1)", {call.text(0, "value")}});
    return call.returns_row({rows.integer(0, 1), rows.text(0, 0)});
}

// Every type of value, as an argument of a statement and as a result.
DATASURFACE_FUNCTION(bridge_values)
{
    pg::Rows const rows = pg::query({"values",
                                     "SELECT $1, $2, $3, $4, $5, pg_typeof($2), pg_typeof($3), pg_typeof($4)",
                                     {{}, true, 7, std::int64_t{1} << 40, std::string("it's")}});
    Witness const witness;
    pg::Call::Row row = {rows.is_null(0, 0), rows.boolean(0, 1), rows.integer(0, 2), rows.bigint(0, 3),
                         rows.text(0, 4)};
    for (std::size_t column = 5; column < 8; ++column)
        row.emplace_back(rows.text(0, column));
    return call.returns_rows({row, {{}, {}, {}, {}, {}, {}, {}, {}}});
}

// The row's last value is no value of its column's type: the server's input function raises.
DATASURFACE_FUNCTION(bridge_bad_row)
{
    Witness const witness;
    return call.returns_rows({{std::string("1"), 1}, {std::string("one"), 2}});
}
