#include "pg/context.hpp"

#include "pg/boundary.hpp"

namespace datasurface::pg {

namespace {

// While this object lives, errors have this line of CONTEXT. Its text is converted to the server's encoding in the constructor, because
// a conversion while an error is raised could fail.
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
