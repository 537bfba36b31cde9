#include "batch/force_snapshot.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "batch/work.hpp"
#include "catalog/watermark.hpp"
#include "sqltext/sqltext.hpp"

namespace datasurface::batch {

void force_snapshot(const std::string &stream, const std::string &dataset)
{
    Work const work = begin_work(stream, Call::run);
    auto const found = std::find_if(work.members.begin(), work.members.end(),
                                    [&](const Member &member) { return member.row.name == dataset; });
    if (found == work.members.end()) {
        std::vector<std::string> names;
        for (const Member &member : work.members)
            names.push_back("\"" + member.row.name + "\"");
        throw Error(sqlstate::unknown_stream, "stream \"" + stream + "\" has no dataset \"" + dataset + "\"", "",
                    "Its datasets: " + sqltext::join(names, ", ") + ".");
    }
    if (work.facts.pushed)
        throw Error(sqlstate::feature_not_supported,
                    "the rows of dataset \"" + dataset + "\" are pushed, so there is nothing to pull", "",
                    "Let its loader stage all rows for the next batch.");
    catalog::require_whole(found->row.id, "ds_force_snapshot asked for it");
}

} // namespace datasurface::batch
