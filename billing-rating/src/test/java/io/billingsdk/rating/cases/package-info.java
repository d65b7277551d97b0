/**
 * Inputs with their right outputs, each from a public source, held against the public API. They see
 * what a user of the module sees.
 */
@NullMarked
package io.billingsdk.rating.cases;

import org.jspecify.annotations.NullMarked;
