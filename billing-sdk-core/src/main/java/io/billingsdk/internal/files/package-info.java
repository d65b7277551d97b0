/**
 * For the authors of billing-sdk: small files beside the journal.
 *
 * <p>This package is internal and may change at any time.
 */
@NullMarked
package io.billingsdk.internal.files;

import org.jspecify.annotations.NullMarked;
