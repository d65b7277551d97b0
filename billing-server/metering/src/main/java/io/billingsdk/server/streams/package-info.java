/**
 * Instances and their streams, as operators look at them and decide of them. For the assembly of
 * the server alone; it owns no tables: those of streams are the ledger's.
 */
@NullMarked
package io.billingsdk.server.streams;

import org.jspecify.annotations.NullMarked;
