/** Alerts about costs, over a ledger of their own. */
@NullMarked
package io.billingsdk.server.alerts;

import org.jspecify.annotations.NullMarked;
