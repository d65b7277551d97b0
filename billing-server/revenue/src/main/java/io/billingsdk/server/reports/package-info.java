/** Reports: what a customer used in a month, and what that costs. */
@NullMarked
package io.billingsdk.server.reports;

import org.jspecify.annotations.NullMarked;
