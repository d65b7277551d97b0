/**
 * Seals of ledger days: a chained, signed digest of the rows of each day, and a verifier that names
 * what was changed since. For the assembly of the server alone, which knows its feature.
 *
 * <p>The package owns the tables {@code ledger_seal} and {@code ledger_seal_start}, and the folder
 * {@code seals} of the data directory. A day ends with a cut of the ledger; digests and signatures
 * are those of {@code io.billingsdk.seal}.
 */
@NullMarked
package io.billingsdk.server.seals;

import org.jspecify.annotations.NullMarked;
