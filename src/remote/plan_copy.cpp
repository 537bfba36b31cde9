#include "remote/plan_copy.hpp"

#include <algorithm>
#include <iterator>

#include "sqltext/sqltext.hpp"

namespace datasurface::remote {

namespace {

constexpr unsigned int text = 25, bpchar = 1042, varchar = 1043;

// Built-in types whose binary form is the same in all versions and knows no encoding, and arrays of them. Their OIDs never change.
constexpr unsigned int plain_types[] = {
    16,   1000, // bool
    17,   1001, // bytea
    20,   1016, // int8
    21,   1005, // int2
    23,   1007, // int4
    26,   1028, // oid
    700,  1021, // float4
    701,  1022, // float8
    1700, 1231, // numeric
    1082, 1182, // date
    1083, 1183, // time
    1266, 1270, // timetz
    1114, 1115, // timestamp
    1184, 1185, // timestamptz
    1186, 1187, // interval
    2950, 2951, // uuid
    869,  1041, // inet
    650,  651,  // cidr
    829,  1040, // macaddr
    774,  775,  // macaddr8
    1560, 1561, // bit
    1562, 1563, // varbit
};

bool is_plain(unsigned int oid)
{
    return std::find(std::begin(plain_types), std::end(plain_types), oid) != std::end(plain_types);
}

// The binary form of these is their text. A bpchar has blanks at its end, which are no part of it as text.
bool comes_as_text(const Column &column)
{
    return column.there.oid == text || column.there.oid == varchar ||
           (column.there.oid == bpchar && column.here.oid == bpchar);
}

Form form_of(const Column &column)
{
    if (column.here == column.there && is_plain(column.here.oid))
        return Form::binary;
    // the input function of a type with a length checks it
    if ((column.here.oid == text || column.here.oid == varchar) && column.here.modifier < 0)
        return Form::characters;
    return Form::text;
}

} // namespace

CopyPlan plan_copy(const std::string &query, const std::vector<Column> &columns)
{
    CopyPlan plan;
    std::vector<std::string> selected;
    for (const Column &column : columns) {
        plan.forms.push_back(form_of(column));
        bool const cast = plan.forms.back() != Form::binary && !comes_as_text(column);
        selected.push_back("q." + sqltext::identifier(column.name) + (cast ? "::pg_catalog.text" : ""));
    }
    // on lines of its own: the query may end in a comment
    plan.statement =
        "COPY (SELECT " + sqltext::join(selected, ", ") + " FROM (\n" + query + "\n) AS q) TO STDOUT (FORMAT binary)";
    return plan;
}

std::string plan_describe(const std::string &query)
{
    return "SELECT * FROM (\n" + query + "\n) AS q";
}

} // namespace datasurface::remote
