/**
 * Persons behind the subjects of events: a mapping with a key for each person, export and erasure.
 * Events carry a subject that means nothing by itself, so the ledger stays as it is when a person
 * is erased. The package owns the tables {@code privacy_person}, {@code privacy_key} and {@code
 * privacy_erasure}.
 */
@NullMarked
package io.billingsdk.server.privacy;

import org.jspecify.annotations.NullMarked;
