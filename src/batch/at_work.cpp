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
                "stream \"" + name + "\" is worked on by the call that this one is part of",
                "Something that runs within a call of datasurface has called it again for the same stream.",
                "A query, trigger or function of the model must not call datasurface for the stream that it runs for.");
    innermost = this;
}

AtWork::~AtWork()
{
    innermost = outer_;
}

} // namespace datasurface::batch
