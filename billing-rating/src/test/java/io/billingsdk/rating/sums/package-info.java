/**
 * The sums of random invoices and their credit notes, beside an oracle that uses no class of the
 * library.
 */
@NullMarked
package io.billingsdk.rating.sums;

import org.jspecify.annotations.NullMarked;
