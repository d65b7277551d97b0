/**
 * For the assembly of the server alone: everything on the wire but usage. It reads presence, signs
 * of life and requests for keys, and passes them to the ledger and to the keys.
 */
@NullMarked
package io.billingsdk.server.control;

import org.jspecify.annotations.NullMarked;
