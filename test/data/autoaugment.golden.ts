// What PIL makes of three small images: Pillow 9.4.0, modes RGB and L, with fillcolor 128 in every channel.
//   shearX s     image.transform(size, AFFINE, (1, s, 0, 0, 1, 0), BICUBIC)         shearY alike
//   translateX t image.transform(size, AFFINE, (1, 0, t·width, 0, 1, 0))            translateY alike
//   rotate a     image.rotate(a)
//   autocontrast, invert, equalize, solarize, posterize: ImageOps
//   contrast, color, brightness, sharpness d: ImageEnhance with the factor 1 + d
// Bytes are [height, width, channels] in base64.

import type { OperationName } from '../../src/data/autoaugment/policy';

export const images = {
  colour: {
    height: 7,
    width: 9,
    channels: 3,
    bytes:
      'JRopKTEwPjUgREYuVjkzUU1FYVdOaWdLcnVRKCgnPzYuSzU0UlBFT0o/qJCEro9xeG1ajIJvKjNINkRCPE1NTU9QqpR1u5xsu5+Csox1j4R7Q0dHSFVfSlFZUXFjtIp9tZV4uop6qaBxoJB/TlJgTWVlXmZ5aGt6v6J3sYt5qpB2uJ13mqKUVWtlVHh0YHJzd3qPhYmOgKGIiaafn56ctrmnUHaHYXZ7dHyQdouMj6CUmKWala+poKyysbm6',
  },
  grey: {
    height: 6,
    width: 8,
    channels: 1,
    bytes: 'JSM6RFFkcXAqLzxOtKxmezU1UFeyraqHNUlWYbOqwIxMVGNbwLGJm1VgX3J3k52p',
  },
  large: {
    height: 15,
    width: 24,
    channels: 1,
    bytes:
      'GyEwJjgrP0ZSR05eVmFhbXZ8d3x+j4ucIiUkOjc5PUhBUkxSXGVkdmeBhIuGg5agKy44NTZFSFRVTmJQW626truCeH+Vl4ygMyM2MzY3P0NPT15auam1trO0jI+DmJGXNzErO0FCTEdfX16pubuxq7G5uIqXk5qYMTZAR0lIUEtRZGK6t66su6qzvYOUkJypOz42QVBTUlhdXLext760tK27u4+jmqWjOTFARE9OTl5UXHO7tq+xqay0qJqhpqKmPzZBTkxNZVxhbHW3uLy7v6uowJOdoq+5PUtGWVdMX2FmdXx8rKmosLm2opWsraemRFROWV1ma25zc3V9f72/rrGaqZikoLvCSFJOXmdjYmJod4ODhoaSipiippuhu7C2QUZeTl1vamRzgoB3foOMnaOXr6Ksvru2R1pRXltdc2trgHeOipqKlZOprqS9t8O5RlhSX29yc3h5h4N+hp2VlaivtbWzwMXM',
  },
} as const;

/** Image, operation, magnitude, the bytes that PIL gives. */
export const cases: readonly (readonly [keyof typeof images, OperationName, number, string])[] = [
  [
    'colour',
    'shearX',
    0.25,
    'JRwqKzMuQDcgRkUvVjo1Uk9HY1lOampLcnZRLy0pRjUvTz87Sks/b2NZvJyJmIBjd29ejoVyMDxCOEpHOURKhnlovJ5vvaF6upR6m4V3gICAR1NcSU5ZRmpfp4Z6tZV4u4l6rJ5woJJ9gICATmZnX2V7dHJ5xaR3rol4q5J1tZ56l6KWgICAVnZzaXJ9gH6ThJOJgKeQkKGgqqafubyogICAbneHc4KOhJiPl6OWlayimayuq7O3gICAgICA',
  ],
  [
    'colour',
    'shearX',
    -0.1875,
    'JBgoJy4wOzMgQkUsVDgxUEpCXlRNZ2RKcXNQJCUlNjIrRzIwUUlBQ0M3jXxzuZh9hHNcg3pnKDBILzpDOEpGOUVKfnJlvZ9xvqF4upZ8noV2gICARExPSFNfRVlZc31twpJ+uJF4tZF2o510gICATVRgT2doX2V7dnR5xqR3roh4rJJ1tJ97gICAVWpkU3dzXnFydXmOhIeOf6CHiKaenZ2bgICATXaIWnV6cHiLcoWMiJuRl6OWlK2km6uv',
  ],
  [
    'colour',
    'shearY',
    0.25,
    'JRsoMjEtSDEoUE5BWVVGvJ6DvaB/q4ZykYV8KCoqPToyQENDTUxNs5l7u5xsvZJ/qZ5xoJOBLTZKOktPQE5STm1et4x8to54tIhwuJ1ynKaYRklJS1tkV1xuY2p1uKB5m5F9kpyNopyVuLurT1ZiT25qXm1zdXaMgImQgaWQja2on6qvsLm7VW5pWXp4bHmEdomMj6KUm6WcgICAgICAgICAT3eKYnV8gICAgICAgICAgICAgICAgICAgICA',
  ],
  [
    'colour',
    'shearY',
    -0.3,
    'JBgpJjAwgICAgICAgICAgICAgICAgICAgICAJyQjNjEsQTMjQ0UsVzYxgICAgICAgICAgICAJy9DOjs0SDo8UU9DQzkybWNcZFlPZmZIgICAPkNFPkxTPFBSTU1OiHxhu56DspJzbGdSfXpdTE5bS11jUFZiT29hto9/vJxsu56CpYFvjoN4VGZhT3FsYGt6Zmp3xJx2to54uYl5q5xyl4d8UHSBW3l5ZXZ5dniOmJCEnZB8p5F3t55wnJeG',
  ],
  [
    'colour',
    'translateX',
    0.4,
    'VjkzUU1FYVdOaWdLcnVRgICAgICAgICAgICAT0o/qJCEro9xeG1ajIJvgICAgICAgICAgICAqpR1u5xsu5+Csox1j4R7gICAgICAgICAgICAtIp9tZV4uop6qaBxoJB/gICAgICAgICAgICAv6J3sYt5qpB2uJ13mqKUgICAgICAgICAgICAhYmOgKGIiaafn56ctrmngICAgICAgICAgICAj6CUmKWala+poKyysbm6gICAgICAgICAgICA',
  ],
  [
    'colour',
    'translateX',
    -0.25,
    'gICAgICAJRopKTEwPjUgREYuVjkzUU1FYVdOgICAgICAKCgnPzYuSzU0UlBFT0o/qJCEro9xgICAgICAKjNINkRCPE1NTU9QqpR1u5xsu5+CgICAgICAQ0dHSFVfSlFZUXFjtIp9tZV4uop6gICAgICATlJgTWVlXmZ5aGt6v6J3sYt5qpB2gICAgICAVWtlVHh0YHJzd3qPhYmOgKGIiaafgICAgICAUHaHYXZ7dHyQdouMj6CUmKWala+p',
  ],
  [
    'colour',
    'translateY',
    0.3,
    'KjNINkRCPE1NTU9QqpR1u5xsu5+Csox1j4R7Q0dHSFVfSlFZUXFjtIp9tZV4uop6qaBxoJB/TlJgTWVlXmZ5aGt6v6J3sYt5qpB2uJ13mqKUVWtlVHh0YHJzd3qPhYmOgKGIiaafn56ctrmnUHaHYXZ7dHyQdouMj6CUmKWala+poKyysbm6gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICA',
  ],
  [
    'colour',
    'translateY',
    -0.4531,
    'gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAJRopKTEwPjUgREYuVjkzUU1FYVdOaWdLcnVRKCgnPzYuSzU0UlBFT0o/qJCEro9xeG1ajIJvKjNINkRCPE1NTU9QqpR1u5xsu5+Csox1j4R7Q0dHSFVfSlFZUXFjtIp9tZV4uop6qaBxoJB/',
  ],
  [
    'colour',
    'rotate',
    20,
    'gICAgICAgICAVjkzUU1Fro9xeG1ajIJvgICAKTEwPjUgREYuT0o/qJCEro9xsox1j4R7j4R7PzYuSzU0SzU0TU9QqpR1u5xsuop6qaBxoJB/KjNINkRCPE1NUXFjtIp9tZV4qpB2uJ13mqKUQ0dHSFVfSlFZaGt6v6J3sYt5iaafiaafn56cTlJgTlJgTWVlYHJzd3qPhYmOmKWala+poKyygICAVWtlVHh0YHJzdouMj6CUgICAgICAgICA',
  ],
  [
    'colour',
    'rotate',
    -30,
    'gICAKjNIPzYuSzU0REYuREYugICAgICAgICAQ0dHQ0dHNkRCPE1NUlBFT0o/UU1FYVdOgICATlJgTWVlSlFZUXFjqpR1qpR1qJCEro9xaWdLVHh0VHh0XmZ5aGt6tIp9tZV4u5+Csox1eG1aYXZ7YHJzd3qPv6J3sYt5tZV4uop6sox1j4R7gICAdHyQdouMhYmOgKGIqpB2uJ13oJB/oJB/gICAgICAgICAmKWala+piaafn56cmqKUgICA',
  ],
  [
    'colour',
    'rotate',
    100,
    'cnVReG1asox1qaBxuJ13n56cn56cla+pgICAgICAYVdOro9xu5+Cuop6qpB2iaafmKWagICAgICAYVdOqJCEu5xstZV4sYt5gKGIj6CUgICAgICAUU1FT0o/qpR1tIp9v6J3hYmOdouMgICAgICAVjkzUlBFTU9QUXFjaGt6d3qPdHyQgICAgICAREYuSzU0PE1NSlFZXmZ5YHJzdHyQgICAgICAPjUgPzYuPzYuNkRCSFVfTWVlVHh0UHaH',
  ],
  [
    'colour',
    'autocontrast',
    0,
    'AAAOBiQaKSsAM0YXUTEfSFE9Y2FMcHtHf5FRBBYLKywXPishSlY9RUwz2L2l4ruGiYVgqqaCCChCHEM4JlFKQlVP3MOM+NB9+NWi6baMr6qWMUhAOV5oPVheSItu7LOZ7sWR9rOV2taGy72dQ1lpQnhyXnmTboGV/9qQ57WT3L2O89KQwdrAT4FyTZaLYY2Jh5m3nrK2ltispeDSytPN8P/fR5OqY5OWgp25hrWyr9bAvt7Kue7iy+rx5///',
  ],
  [
    'colour',
    'invert',
    0,
    '2uXW1s7Pwcrfu7nRqcbMrrK6nqixlpi0jYqu19fYwMnRtMrLra+6sLXAV297UXCOh5Klc32Q1cy3ybu9w7KysrCvVWuKRGOTRGB9TXOKcHuEvLi4t6qgta6mro6cS3WCSmqHRXWFVl+OX2+Asa2fspqaoZmGl5SFQF2ITnSGVW+JR2KIZV1rqpSaq4eLn42MiIVwenZxf153dllgYGFjSUZYr4l4nomEi4NviXRzcF9rZ1plalBWX1NNTkZF',
  ],
  [
    'colour',
    'solarize',
    114,
    'JRopKTEwPjUgREYuVjkzUU1FYVdOaWdLjYpRKCgnPzYuSzU0UlBFT0o/V297UXBxh21ac31vKjNINkRCPE1NTU9QVWuKRGNsRGB9TXOKcHuEQ0dHSFVfSlFZUXFjS3WCSmqHRXWFVl9xX2+ATlJgTWVlXmaGaGuFQF2ITnSGVW+JR2KIZV1rVWtlVIeLYI2MiIVwenZxf153dllgYGFjSUZYUIl4YYmEi4NviXRzcF9rZ1plalBWX1NNTkZF',
  ],
  [
    'colour',
    'posterize',
    5,
    'IBgoKDAwODAgQEAoUDgwUEhAYFBIaGBIcHBQKCggODAoSDAwUFBASEg4qJCAqIhweGhYiIBoKDBIMEBAOEhISEhQqJBwuJhouJiAsIhwiIB4QEBASFBYSFBYUHBgsIh4sJB4uIh4qKBwoJB4SFBgSGBgWGB4aGh4uKBwsIh4qJBwuJhwmKCQUGhgUHhwYHBwcHiIgIiIgKCIiKCYmJiYsLigUHCAYHB4cHiQcIiIiKCQmKCYkKiooKiwsLi4',
  ],
  [
    'colour',
    'contrast',
    0.6,
    'AAAAAAgHHQ8AJyoERBUMPDUoVUU3Yl8ycHU8AAAAHxAEMg8NPTooODAfx6CN0J9vemhKmopsAAwtECckGjU1NTg6yqd15bRn5biK15p1n41/JSwsLUJSMDxIPG9Y2peC3Kh65Jd9yLpvuqCFNz1UNVxcUF18YGV97L141Zh8yqB34LV4sL2nQmVcQHp0VHByeH2fj5Wdh7yUlcS4uLe03eLFOneSVXd/dICgd5ian7qnrcKwqNLIus3X1eLk',
  ],
  [
    'colour',
    'contrast',
    -0.6,
    'VFBWVllYXlpSYGFYaFxaZmRhbGhkb25jc3RmVVVVXltYY1paZmVhZWNeiH96i35ydXFpfXlyVlpiW2BgXWRkZGVliYB0kIRwkIV5jH10fnp2YGJiYmdrY2ZpZnJtjXx3joF1kHx2iYVyhX94ZGZsZG5ua252b3B2koZ1jH12iX90j4R1g4aAZ3BuZ3V0bHNzdXZ+enx+eIZ8fIiFhYSEjo+IZXR7bHR2dHd/dH19foWAgoeDgYuJhYqMjI+Q',
  ],
  [
    'colour',
    'color',
    0.7,
    'KRYwJTMxRDURREgfZDMpU00/ZlVGbGk5c3g7KCgmQzQnVjAvVFA+Uko3tIt3v4pXf2xMkoFhIzNWL0ZDM1BQS09Qt5FdzZlHy5tqxoVelYJzQEdHQVdoRVFfQnhgyYJsx5Bf0oBlsaJSqY1xS1JpQWlpWGaGZWqD0J9WxYRmuIxgyJpZl6SNSm9lQn94VnV3dHmdgomScqp/e6ygn56atrucO3yZVnqCbnyea4+Qh6SPkqiViLSqma64rLq8',
  ],
  [
    'colour',
    'color',
    -0.9,
    'Hx4gLS4uNTUyQ0NAQ0A/TU1MWVhXZGRhcHBsKCgnODc3PDo6T09OSkpIl5WUl5SRb21sg4KBMjM1P0BARkhITk9PmJaTop+apqOgl5SRhoWERUZGUVJTT1BQY2dlmJOSnZqXmpWUnp2YlJKRUVJTXF5eZWZna2ttqKWhlpORl5SRo6CcnZ6dYmRkam5ta21tenp9h4iIkpWSm52dnp6dtra0am1vbnBxe3x+g4WFmJqZn6CfpaenqKmptre3',
  ],
  [
    'colour',
    'brightness',
    0.9,
    'RjFNTV1bdWQ8gYVXo2xgmZKDuKWUx8OO2N6ZTExKd2ZXjmRim5iDlox3///6///W5M+r//fST2CIZoF9cpKSkpaY///e///N///3///e//rpf4aGiKG0jJmpmda8///t///k///n///W///xlJu2kr+/ssHlxcvn///i///l///g///i////ocu/n+Tcttja4uf//P//8///////////////mOD/uODp3Ov/4P//////////////////////',
  ],
  [
    'colour',
    'brightness',
    -0.7,
    'CwcMDA4OEg8JFBUNGREPGBcUHRoXHx4WIiMYDAwLEhANFg8PGBgUFxYSMisnNCohJCAbKichDA8VEBQTEhcXFxcYMywjOC4gOC8nNSojKickFBUVFRkcFhgaGCEdNiklNiwkNykkMjAhMCsmFxgcFx4eHB4kHyAkOTAjNSkkMysjNy8jLjAsGSAeGSQiHCIiIyQqJykqJjAoKTEvLy8uNjcyGCMoHSMkIiUrIykqKjAsLTEuLDQyMDM1NTc3',
  ],
  [
    'colour',
    'sharpness',
    0.9,
    'JRopKTEwPjUgREYuVjkzUU1FYVdOaWdLcnVRKCgnRTYpUS0wUFFHOzozu6GawJp4a2NSjIJvKjNIMUVBNE1OQEZMwKV+xqZoxKiLu4x1j4R7Q0dHSVhjSEtVPHFfxo2FtZV4vYJ7qKdpoJB/TlJgSmhlYGR/X2J73LJzuIVzrIpuwp1smqKUVWtlUH5zXXBsdHWVgISRb6OFfKmnnJictrmnUHaHYXZ7dHyQdouMj6CUmKWala+poKyysbm6',
  ],
  [
    'colour',
    'sharpness',
    -0.7,
    'JRopKTEwPjUgREYuVjkzUU1FYVdOaWdLcnVRKCgnOjUxRjo2U05CXlVImIJyn4VrgXRfjIJvKjNIOUJCQU1LVlZSmIZtsZNutJh7qox0j4R7Q0dHRlJbS1VbYXBlpYd2tZR4t494qZp2oJB/TlJgT2JlW2d0b3F4p5V5q499p5R7r51/mqKUVWtlVnN0YnN3eX2KiIyLjJ6KkqOYoaKctrmnUHaHYXZ7dHyQdouMj6CUmKWala+poKyysbm6',
  ],
  ['grey', 'shearY', -0.25, 'JCGAgICAgIAoKThFR1mAgDMwQ0+nkGZxMkBUWbOze31IT1xgsarBiFRcY13FsqyO'],
  ['grey', 'rotate', -20, 'gCovOkRRgIA1NVBOTrRkcTVJVleyrWZ7TFRWYbOtqodgX1vAwKrAjICAcneTiZuA'],
  ['grey', 'autocontrast', 0, 'AwAlNUppfn0LEyhF695sjh0dSVTo4NuiHT1SZOnb/6pCT2da/+alwlFjYYCItcbZ'],
  ['grey', 'contrast', 0.7, 'AAAUJTxccnAAAhg25NZfgwwMOkbg2NOXDC5EV+LT+KAzQVpN+N+buUJVU3R8rL3R'],
  ['grey', 'color', 0.9, 'JSM6RFFkcXAqLzxOtKxmezU1UFeyraqHNUlWYbOqwIxMVGNbwLGJm1VgX3J3k52p'],
  ['grey', 'sharpness', 0.9, 'JSM6RFFkcXAqLDpC175SezUwVEXFr7SHNUlXUcWn0oxMVGZJ3rl6m1VgX3J3k52p'],
  [
    'large',
    'equalize',
    0,
    'AAELBhsHJTRYOEh1Y4CAmKavqK+01c/zAgUEHxgdIjwqWENYbYyJppC7xc/GvuT4BwobERIzPF9iSIRTa/////+8rLff5dH4DwMSDxIYJTBQUHVp////////0dW+6dnlGAwHICovQzh8fHX//////////8vl2+3pDBIoOEA8U0FWiYT//////////77e2PP/ICQSKlNeWGVxbf///////////9X/7f//HQwoMVBISHVfbZ3//////////+37//3/JRIqSENHjG2Al6P//////////9v1/f//IkE0Z2RDfICOo6+v/////////d//////MV9IZ3GOlJmdnaOzt//////t/+n/+P//PFhIdZCIhISSqL6+xsbay+n9//L7////KjR1SHGak4mdvLmotL7R9f/l//3/////OGlWdWtxnZSUuajUy+3L39v/////////NGVYfJqcnayuyr60xvXf3///////////',
  ],
];
