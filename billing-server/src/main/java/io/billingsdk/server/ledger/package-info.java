/** Questions to the ledger: streams, gaps, completeness. */
@NullMarked
package io.billingsdk.server.ledger;

import org.jspecify.annotations.NullMarked;
