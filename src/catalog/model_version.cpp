#include "catalog/model_version.hpp"

#include <algorithm>
#include <iterator>

#include "pg/spi.hpp"

namespace datasurface::catalog {

namespace {

constexpr std::string_view words[] = {"store", "workspace", "source", "credential"};

PartKind kind_of(const std::string &written)
{
    return static_cast<PartKind>(std::find(std::begin(words), std::end(words), written) - std::begin(words));
}

} // namespace

std::string_view word(PartKind kind)
{
    return words[static_cast<int>(kind)];
}

void lock_model()
{
    // this lock mode conflicts with itself, and allows reading
    pg::execute_kept({"lock_model", "LOCK TABLE datasurface.model_version IN SHARE ROW EXCLUSIVE MODE", {}});
}

std::optional<int> current_version()
{
    pg::Rows const rows = pg::query_kept({"current_version", "SELECT max(version) FROM datasurface.model_version", {}});
    if (rows.is_null(0, 0))
        return std::nullopt;
    return rows.integer(0, 0);
}

std::vector<ModelPart> version_parts(int version)
{
    pg::Rows const rows = pg::query_kept({"version_parts",
                                          "SELECT kind, name, digest FROM datasurface.model_version_part"
                                          " WHERE version = $1 ORDER BY kind, name",
                                          {version}});
    std::vector<ModelPart> parts;
    for (std::size_t row = 0; row < rows.size(); ++row)
        parts.push_back({kind_of(rows.text(row, 0)), rows.text(row, 1), rows.text(row, 2), {}});
    return parts;
}

std::string part_document(const std::string &digest)
{
    return pg::query_kept({"part_document", "SELECT document FROM datasurface.model_part WHERE digest = $1", {digest}})
        .text(0, 0);
}

int save_version(const std::vector<ModelPart> &parts, const std::string &loaded_by)
{
    int const version =
        pg::query_kept({"save_version",
                        "INSERT INTO datasurface.model_version (loaded_by) VALUES ($1) RETURNING version",
                        {loaded_by}})
            .integer(0, 0);
    std::vector<std::string> kinds, names, digests;
    for (const ModelPart &part : parts) {
        if (!part.document.empty())
            pg::execute_kept({"save_part",
                              "INSERT INTO datasurface.model_part (digest, kind, name, document)"
                              " VALUES ($1, $2, $3, $4::jsonb) ON CONFLICT (digest) DO NOTHING",
                              {part.digest, std::string(word(part.kind)), part.name, part.document}});
        kinds.emplace_back(word(part.kind));
        names.push_back(part.name);
        digests.push_back(part.digest);
    }
    using sqltext::array_literal;
    pg::execute_kept({"save_version_parts",
                      "INSERT INTO datasurface.model_version_part (version, kind, name, digest)"
                      " SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])",
                      {version, array_literal(kinds), array_literal(names), array_literal(digests)}});
    return version;
}

} // namespace datasurface::catalog
