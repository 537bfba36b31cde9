#include "remote/plan_copy.hpp"

#include <algorithm>
#include <iterator>

#include "sqltext/sqltext.hpp"

namespace datasurface::remote {

namespace {

// The binary form of these is their text.
constexpr unsigned int character_types[] = {25, 1042, 1043}; // text, character, varchar

// Built-in types whose binary form is the same in all versions and knows no encoding, and arrays of them. Their OIDs never change.
constexpr unsigned int plain_types[] = {
    16,   1000, // bool
    17,   1001, // bytea
    18,   1002, // "char"
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
    790,  791,  // money
};

// regclass and its like, and arrays of them: OIDs, whose text is a name. A name means the same here, an OID is no more than a number.
constexpr unsigned int name_types[] = {24,   2202, 2203, 2204, 2205, 2206, 3734, 3769, 4089, 4096, 4191,
                                       1008, 2207, 2208, 2209, 2210, 2211, 3735, 3770, 4090, 4097, 4192};
constexpr unsigned int number_types[] = {20, 1016, 23, 1007, 26, 1028}; // int8, int4, oid, and arrays of them

constexpr unsigned int xml = 142; // PostgreSQL shows it without its encoding, but a cast to text keeps that

template <std::size_t Size>
bool holds(const unsigned int (&types)[Size], unsigned int oid)
{
    return std::find(std::begin(types), std::end(types), oid) != std::end(types);
}

Arrival arrival_of(const Column &column)
{
    // without the modifier, which a source may not keep to: the assignment checks the value
    ColumnType const as_there{column.there.oid, -1};
    if (holds(character_types, column.there.oid))
        return {Form::characters, as_there};
    if (holds(plain_types, column.there.oid))
        return {Form::binary, column.here == column.there ? column.here : as_there};
    if (holds(name_types, column.there.oid)) {
        if (holds(number_types, column.base.oid))
            return {Form::binary, as_there};
        return {Form::text, holds(name_types, column.base.oid) ? as_there : column.here};
    }
    // its text is all that is assigned; some types, such as record, do not read their own
    bool const is_text_enough = column.base.takes_any_text && column.there.oid != xml;
    if (column.there.oid == 0 || column.there.oid == column.here.oid || is_text_enough)
        return {Form::text, column.here};
    return {Form::text, as_there};
}

} // namespace

CopyPlan plan_copy(const std::string &query, const std::vector<Column> &columns)
{
    CopyPlan plan;
    std::vector<std::string> selected;
    for (const Column &column : columns) {
        plan.arrivals.push_back(arrival_of(column));
        selected.push_back("q." + sqltext::identifier(column.name) +
                           (plan.arrivals.back().form == Form::text ? "::pg_catalog.text" : ""));
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
