#include "batch/lock.hpp"

#include "ingest/run.hpp"
#include "merge/run.hpp"
#include "pg/constraints.hpp"

namespace datasurface::batch {

std::vector<std::string> lock_for_ingest(Work &work, ingest::Origin &origin, Progress &progress)
{
    std::vector<sqltext::Qualified> staging;
    std::vector<std::string> selects;
    for (const Member &member : work.members) {
        progress.step = "ingest of dataset " + member.row.name;
        staging.push_back(member.shape().names.staging);
        selects.push_back(
            ingest::lock_to_stage(member.shape(), work.facts.pushed ? nullptr : &member.kept->pull, origin));
        merge::check(member.shape()); // what the merge would refuse must not be staged
    }
    origin.settle();
    if (origin.identity() != nullptr)
        work.batch.received = catalog::Received{*origin.identity()};
    renew_shapes(work);
    pg::make_constraints_immediate(staging);
    return selects;
}

void lock_for_merge(Work &work, bool staging_is_checked, Progress &progress)
{
    std::vector<sqltext::Qualified> tables;
    for (const Member &member : work.members) {
        progress.step = "merge of dataset " + member.row.name;
        merge::lock(member.shape(), staging_is_checked);
        for (sqltext::Qualified &table : merge::tables(member.shape()))
            tables.push_back(std::move(table));
    }
    renew_shapes(work);
    pg::make_constraints_immediate(tables);
}

} // namespace datasurface::batch
