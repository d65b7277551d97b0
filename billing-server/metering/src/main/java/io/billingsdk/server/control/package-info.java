/**
 * For the assembly of the server alone: everything on the wire but usage. It reads presence and
 * signs of life, which it passes to the ledger. It tells of keys: of each change to all, and of the
 * whole table to those who ask.
 */
@NullMarked
package io.billingsdk.server.control;

import org.jspecify.annotations.NullMarked;
