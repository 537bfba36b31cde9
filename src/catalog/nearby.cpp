#include "catalog/nearby.hpp"

#include "pg/spi.hpp"

namespace datasurface::catalog {

std::set<std::string> workspaces_near(const std::vector<std::string> &schemas, const std::vector<std::string> &stores)
{
    using sqltext::array_literal;
    pg::Rows const rows = pg::query_kept(
        {"workspaces_near",
         "SELECT w.name FROM datasurface.workspace w WHERE w.in_model AND (w.schema_name = ANY ($1::text[]) OR EXISTS ("
         " SELECT FROM unnest($2::text[]) s(store) WHERE w.definition @> jsonb_build_object('groups', jsonb_build_array("
         "  jsonb_build_object('sinks', jsonb_build_array(jsonb_build_object('store', s.store)))))))",
         {array_literal(schemas), array_literal(stores)}});
    std::set<std::string> names;
    for (std::size_t row = 0; row < rows.size(); ++row)
        names.insert(rows.text(row, 0));
    return names;
}

} // namespace datasurface::catalog
