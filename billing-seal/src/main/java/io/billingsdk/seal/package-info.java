/**
 * Seals of ledger days: a chained, signed digest of each day, and a verifier that names each row
 * that was changed, deleted, inserted or swapped. For the billing server; pure functions without
 * I/O and without a clock.
 *
 * <p>A {@link Sealer} signs the rows of a day as a {@link DaySeal}, which contains the digest of
 * the seal before. A {@link SealVerifier} compares days with their seals. A {@link Witness} keeps
 * the digests elsewhere, so that a day that was replaced together with its seal is named, too. Rows
 * go through one after the other: the memory does not grow with the day.
 */
@NullMarked
package io.billingsdk.seal;

import org.jspecify.annotations.NullMarked;
