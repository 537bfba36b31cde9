#include "ingest/reported.hpp"

#include "pg/stop_point.hpp"
#include "pg/table.hpp"

namespace datasurface::ingest {

Receipt::Receipt(const shape::Shape &shape, int batch)
{
    progress_.merge_table = pg::oid_of(shape.names.merge);
    progress_.batch = batch;
    progress_.phase = native::Phase::receiving;
    progress_.rows_done = native::not_known;
    native::show(progress_);
}

void Receipt::note(const heap::Arriving &rows, int count)
{
    native::note_received(progress_, rows, count);
    progress_.rows_done = progress_.received_rows;
    native::show(progress_);
}

heap::ArrivingRows Reported::next()
{
    heap::ArrivingRows const next = rows_.next();
    receipt_.note(rows_, next.count);
    pg::stop_point("ingest.receiving");
    return next;
}

} // namespace datasurface::ingest
