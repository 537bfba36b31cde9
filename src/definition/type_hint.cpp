#include "definition/type_hint.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace datasurface::definition {

namespace {

struct Foreign {
    std::string_view name;
    std::string_view type;
    bool takes_modifiers = false; // modifiers such as (10,2) are kept
};

// Types of other databases and languages. serial and similar types mean a type with a default, but the columns of a dataset
// always get a value.
constexpr Foreign foreign[] = {
    {"smallserial", "smallint"},
    {"serial", "integer"},
    {"bigserial", "bigint"},
    {"string", "text"},
    {"str", "text"},
    {"clob", "text"},
    {"nclob", "text"},
    {"tinytext", "text"},
    {"mediumtext", "text"},
    {"longtext", "text"},
    {"ntext", "text"},
    {"varchar2", "varchar", true},
    {"nvarchar", "varchar", true},
    {"nvarchar2", "varchar", true},
    {"datetime", "timestamp", true},
    {"datetime2", "timestamp", true},
    {"smalldatetime", "timestamp"},
    {"datetimeoffset", "timestamptz", true},
    {"tinyint", "smallint"},
    {"uint8", "smallint"},
    {"int16", "smallint"},
    {"uint16", "integer"},
    {"int32", "integer"},
    {"mediumint", "integer"},
    {"uint32", "bigint"},
    {"int64", "bigint"},
    {"long", "bigint"},
    {"uint64", "numeric"},
    {"number", "numeric", true},
    {"double", "double precision"},
    {"float64", "double precision"},
    {"float32", "real"},
    {"blob", "bytea"},
    {"binary", "bytea"},
    {"varbinary", "bytea"},
    {"bytes", "bytea"},
    {"uniqueidentifier", "uuid"},
    {"guid", "uuid"},
};

bool are_numbers(std::string_view modifiers)
{
    return modifiers.find_first_not_of("0123456789(), ") == std::string_view::npos;
}

// bare: without modifiers
std::string equivalent(std::string_view bare, std::string_view modifiers)
{
    std::string const name = in_small_letters(bare.substr(0, bare.find_last_not_of(' ') + 1));
    for (const Foreign &one : foreign) {
        if (one.name != name)
            continue;
        if (one.takes_modifiers && !modifiers.empty() && !are_numbers(modifiers))
            return "text"; // varchar(max)
        return std::string(one.type) + (one.takes_modifiers ? std::string(modifiers) : "");
    }
    return "";
}

} // namespace

std::string hint_for_type(const std::string &type)
{
    static constexpr std::string_view usual[] =
        {"bigint", "boolean", "bytea",     "char(1)", "character varying", "date", "double precision", "integer",
         "jsonb",  "numeric", "timestamp", "real",    "smallint",          "text", "timestamptz",      "uuid",
         "varchar"};
    std::size_t const parenthesis = std::min(type.find('('), type.size());
    std::string_view const bare = std::string_view(type).substr(0, parenthesis);
    if (std::size_t const dot = bare.find('.'); dot != std::string_view::npos)
        return "Schema " + shown(bare.substr(0, dot)) + " has no such type; CREATE EXTENSION may bring it.";
    std::string const outside = "Types outside pg_catalog need their schema, such as public.citext.";
    std::string const known = equivalent(bare, std::string_view(type).substr(parenthesis));
    if (!known.empty())
        return "Write " + known + ". " + outside;
    std::string_view const meant = nearest(type, {std::begin(usual), std::end(usual)});
    return (meant.empty() ? "" : "Perhaps " + shown(meant) + " is meant. ") + outside;
}

} // namespace datasurface::definition
