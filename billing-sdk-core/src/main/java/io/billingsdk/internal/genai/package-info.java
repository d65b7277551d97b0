/**
 * Internal to billing-sdk; may change at any time. Reads what providers of models say of the tokens
 * that an answer took. Its entry is {@link io.billingsdk.internal.genai.UsageReader}.
 */
@NullMarked
package io.billingsdk.internal.genai;

import org.jspecify.annotations.NullMarked;
