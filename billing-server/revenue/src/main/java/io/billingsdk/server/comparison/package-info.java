/**
 * The invoices of another system beside ours, month by month and customer by customer: so that a
 * migration shows what changes before it is done. Used over HTTP alone. It owns no table.
 */
@NullMarked
package io.billingsdk.server.comparison;

import org.jspecify.annotations.NullMarked;
