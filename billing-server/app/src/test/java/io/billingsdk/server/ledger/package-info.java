/** Tests of {@code io.billingsdk.server.ledger}. */
@NullMarked
package io.billingsdk.server.ledger;

import org.jspecify.annotations.NullMarked;
