package io.billingsdk.server.seals;

import io.billingsdk.seal.DaySeal;
import java.time.Instant;

/**
 * The seal of a day as the database has it.
 *
 * @param seal its digest and signature
 * @param cut the last cut whose rows are of the day
 * @param keyId names the key that signed it
 * @param sealedAt by the clock of the database
 */
record StoredSeal(DaySeal seal, long cut, String keyId, Instant sealedAt) {}
