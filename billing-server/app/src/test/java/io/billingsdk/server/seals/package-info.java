/** Tests of the seals of ledger days. */
@NullMarked
package io.billingsdk.server.seals;

import org.jspecify.annotations.NullMarked;
