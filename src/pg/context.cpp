#include "pg/context.hpp"

#include "pg/boundary.hpp"

namespace datasurface::pg {

namespace {

// A line of CONTEXT as long as it lives. Its text is in the server's encoding beforehand: while an error is on its way,
// nothing may fail.
class Line {
public:
    explicit Line(const std::string &what) : text_(call([&] { return to_server(what); }))
    {
        error_context_stack = &callback_;
    }
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;
    ~Line() { error_context_stack = callback_.previous; }

private:
    static void add(void *line) { errcontext("%s", static_cast<const Line *>(line)->text_.c_str()); }

    std::string text_;
    ErrorContextCallback callback_{error_context_stack, add, this};
};

} // namespace

void with_context(const std::string &what, const std::function<void()> &body)
{
    Line const line(what);
    body();
}

} // namespace datasurface::pg
