#include "definition/check_database.hpp"

#include <map>
#include <utility>

#include "base/text.hpp"
#include "definition/check_change.hpp"
#include "definition/check_default.hpp"
#include "definition/check_query.hpp"
#include "definition/check_rules.hpp"
#include "definition/check_sinks.hpp"
#include "definition/type_hint.hpp"
#include "model/report.hpp"
#include "pg/session.hpp"
#include "pg/spi.hpp"
#include "pg/type.hpp"

namespace datasurface::definition {

namespace {

void complain(model::Report &problems, const std::string &pointer, const std::string &code, const std::string &message,
              const std::string &hint)
{
    problems.add({model::Severity::error, pointer, code, message, hint});
}

void complain_of_type(model::Report &problems, const model::Column &column, const std::string &pointer,
                      const pg::TypeLookup &lookup)
{
    if (!lookup.exists)
        complain(problems, pointer, "unknown_type",
                 "column " + shown(column.name) + ": there is no type " + shown(column.type),
                 hint_for_type(column.type));
    else
        complain(problems, pointer, "unknown_type",
                 "column " + shown(column.name) + " cannot have type " + shown(column.type) + ": " + lookup.problem,
                 "Write only the type, as in CREATE TABLE: integer, numeric(12,2), text. For NOT NULL, write "
                 "\"nullable\": false.");
}

void check_types(model::Report &problems, const model::Dataset &dataset, const std::string &pointer,
                 pg::TypeCache &types)
{
    for (std::size_t i = 0; i < dataset.columns.size() && !problems.full(); ++i) {
        const model::Column &column = dataset.columns[i];
        if (column.type.empty())
            continue; // lint has reported it
        std::string const here = pointer + "/columns/" + std::to_string(i) + "/type";
        const pg::TypeLookup &lookup = types.find(column.type);
        if (!lookup.type)
            complain_of_type(problems, column, here, lookup);
        else if (model::is_key(dataset, column.name) && !lookup.type->equality)
            complain(problems, here, "key_type_without_equality",
                     "column " + shown(column.name) +
                         " cannot be in the primary key: PostgreSQL cannot order values of type " + lookup.type->name,
                     "Leave it out of the primary key, or give it another type.");
    }
}

// Claimed names that exist in the database, and the dataset or workspace that has each of them by our records.
constexpr char existing_names[] =
    "SELECT c.position, x.store, x.dataset, x.workspace"
    " FROM unnest($1::text[], $2::text[], $3::boolean[]) WITH ORDINALITY AS c(schema_name, name, is_function, position)"
    " JOIN pg_namespace n ON n.nspname = c.schema_name::name"
    " LEFT JOIN LATERAL (SELECT s.name AS store, d.name AS dataset, w.name AS workspace"
    "   FROM datasurface.relation r JOIN datasurface.dataset d USING (dataset_id) JOIN datasurface.store s USING (store_id)"
    "   LEFT JOIN datasurface.workspace w USING (workspace_id)"
    "   WHERE r.schema_name = c.schema_name AND r.name = c.name AND (r.kind = 'as_of') = c.is_function LIMIT 1) x ON true"
    " WHERE CASE WHEN c.is_function THEN EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid"
    "     AND p.proname = c.name::name AND p.pronargs = 1 AND p.proargtypes[0] = 'integer'::regtype)"
    "   ELSE EXISTS (SELECT FROM pg_class r WHERE r.relnamespace = n.oid AND r.relname = c.name::name) END"
    " ORDER BY c.position";

// Holders of names as the document calls them; empty: the name belongs to somebody else.
class Holders {
public:
    explicit Holders(const Candidate &candidate) : document(candidate.document)
    {
        const Identity &identity = candidate.identity;
        for (const auto &[position, name] : identity.workspaces)
            workspaces.emplace(name, position);
        for (const auto &[position, name] : identity.stores)
            stores.emplace(name, position);
        for (const auto &[position, within] : identity.within) {
            stores.emplace(identity.store_before(document, position), position);
            for (const auto &[dataset, name] : within.datasets)
                datasets.emplace(std::pair(position, name), dataset);
        }
    }

    std::string at(const pg::Rows &rows, std::size_t row) const
    {
        if (rows.is_null(row, 1))
            return {};
        if (!rows.is_null(row, 3)) {
            auto const found = workspaces.find(rows.text(row, 3));
            return shape::holder_workspace(found == workspaces.end() ? rows.text(row, 3)
                                                                     : document.workspaces[found->second].name);
        }
        auto const store = stores.find(rows.text(row, 1));
        if (store == stores.end())
            return shape::holder_dataset(rows.text(row, 1), rows.text(row, 2));
        const model::Store &now = document.stores[store->second];
        auto const dataset = datasets.find({store->second, rows.text(row, 2)});
        return shape::holder_dataset(now.name, dataset == datasets.end() ? rows.text(row, 2)
                                                                         : now.datasets[dataset->second].name);
    }

private:
    const model::Model &document;
    std::map<std::string, std::size_t> workspaces, stores; // positions, by the name before
    std::map<std::pair<std::size_t, std::string>, std::size_t> datasets;
};

void check_names(model::Report &problems, const std::vector<shape::Claim> &claims, const Holders &holders)
{
    std::vector<std::string> schemas, names, functions;
    for (const shape::Claim &claim : claims) {
        schemas.push_back(claim.name.schema);
        names.push_back(claim.name.name);
        functions.push_back(claim.function ? "t" : "f");
    }
    pg::Rows const rows = pg::query(
        {"existing_names",
         existing_names,
         {sqltext::array_literal(schemas), sqltext::array_literal(names), sqltext::array_literal(functions)}});
    // one problem for all names of a claimant that one holder has
    std::map<std::pair<std::string, std::string>, std::vector<const shape::Claim *>> taken;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const shape::Claim &claim = claims.at(static_cast<std::size_t>(rows.bigint(row, 0)) - 1);
        std::string const holder = holders.at(rows, row);
        if (holder != claim.holder)
            taken[{claim.pointer, holder}].push_back(&claim);
    }
    for (const auto &[place, of_holder] : taken) {
        std::string list;
        for (const shape::Claim *const claim : of_holder)
            list += (list.empty() ? "" : ", ") + claim->name.sql();
        complain(problems, place.first, "name_taken",
                 of_holder.front()->claimant + " needs the name" + (of_holder.size() == 1 ? " " : "s ") + list +
                     ", which " + (place.second.empty() ? "something else in the database" : place.second) +
                     " has already",
                 "Rename one of the two, or give the store or workspace another schema.");
    }
}

} // namespace

model::Problems check_database(const Candidate &candidate, const std::vector<shape::Claim> &claims,
                               const model::Model &kept, const std::string &caller)
{
    model::Report problems;
    pg::TypeCache types;
    const model::Model &document = candidate.document;
    for (std::size_t s = 0; s < document.stores.size(); ++s) {
        if (!candidate.changed_stores[s])
            continue;
        const model::Store &store = document.stores[s];
        std::string const here = "/stores/" + std::to_string(s);
        QueryTrial queries(store, caller);
        RuleTrial rules(store, caller);
        DefaultTrial const defaults(store, caller);
        for (std::size_t d = 0; d < store.datasets.size(); ++d) {
            std::string const pointer = here + "/datasets/" + std::to_string(d);
            // a function of the type reads its modifiers: it runs as the role that loads the model
            pg::as_role(caller, [&] { check_types(problems, store.datasets[d], pointer, types); });
            queries.check(problems, store.datasets[d], pointer, types);
            rules.check(problems, store.datasets[d], pointer, types);
            defaults.check(problems, store.datasets[d], pointer, types);
            pg::check_interrupts();
        }
        check_change(problems, candidate, s);
    }
    check_sinks(problems, candidate, kept, types);
    check_names(problems, claims, Holders(candidate));
    return problems.take();
}

} // namespace datasurface::definition
