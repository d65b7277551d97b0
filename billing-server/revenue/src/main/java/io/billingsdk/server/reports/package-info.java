/**
 * Reports: what a customer used in a month, and what that costs. On the 1st, the mail of it.
 *
 * <p>The package owns the table {@code report_mailed}.
 */
@NullMarked
package io.billingsdk.server.reports;

import org.jspecify.annotations.NullMarked;
