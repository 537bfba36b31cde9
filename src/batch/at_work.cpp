#include "batch/at_work.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"

namespace datasurface::batch {

namespace {

const AtWork *innermost = nullptr;

} // namespace

AtWork::AtWork(int stream, const std::string &name) : stream_(stream), outer_(innermost)
{
    for (const AtWork *call = innermost; call != nullptr; call = call->outer_)
        if (call->stream_ == stream)
            throw Error(
                sqlstate::wrong_batch_state,
                "a call for stream \"" + name + "\" ran inside another call for the same stream",
                "A query, trigger or function that the outer call ran has made it.",
                "A query, trigger or function of the model must not call datasurface for the stream that it runs for.");
    innermost = this;
}

AtWork::~AtWork()
{
    innermost = outer_;
}

} // namespace datasurface::batch
