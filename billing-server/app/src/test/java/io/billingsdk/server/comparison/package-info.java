/** Tests of the invoices of another system beside ours. */
@NullMarked
package io.billingsdk.server.comparison;

import org.jspecify.annotations.NullMarked;
