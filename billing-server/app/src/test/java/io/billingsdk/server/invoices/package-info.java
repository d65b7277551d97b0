/** Invoices in a real database. */
@NullMarked
package io.billingsdk.server.invoices;

import org.jspecify.annotations.NullMarked;
