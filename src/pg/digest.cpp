#include "pg/digest.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "pg/boundary.hpp"

extern "C" {
#include "common/cryptohash.h"
#include "common/sha2.h"
}

namespace datasurface::pg {

std::string sha256(std::string_view bytes)
{
    uint8 digest[PG_SHA256_DIGEST_LENGTH];
    bool const done = call([&] {
        pg_cryptohash_ctx *const context = pg_cryptohash_create(PG_SHA256);
        bool const ok =
            pg_cryptohash_init(context) >= 0 &&
            pg_cryptohash_update(context, reinterpret_cast<const uint8 *>(bytes.data()), bytes.size()) >= 0 &&
            pg_cryptohash_final(context, digest, sizeof digest) >= 0;
        pg_cryptohash_free(context);
        return ok;
    });
    if (!done)
        throw Error(sqlstate::internal_error, "could not compute a SHA-256 digest");
    std::string text;
    for (uint8 const byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

std::uint64_t random_seed()
{
    return call([] {
        std::uint64_t seed = 0;
        if (!pg_strong_random(&seed, sizeof seed))
            ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not draw a random number")));
        return seed;
    });
}

} // namespace datasurface::pg
