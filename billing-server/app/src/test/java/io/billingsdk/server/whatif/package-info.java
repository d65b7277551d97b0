/** Tests of another price list over real usage. */
@NullMarked
package io.billingsdk.server.whatif;

import org.jspecify.annotations.NullMarked;
