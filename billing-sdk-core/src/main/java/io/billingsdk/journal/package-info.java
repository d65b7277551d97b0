/**
 * For the authors of tools: a journal's directory looked at from outside its process, and what was
 * set aside in it brought back.
 *
 * <p>Start with {@link io.billingsdk.journal.StoredJournal}. A service needs none of this. Public
 * API, as {@code io.billingsdk} is.
 */
@NullMarked
package io.billingsdk.journal;

import org.jspecify.annotations.NullMarked;
