import { splitStreet } from '../../../src/platforms/wms/street.js';

const split = (line1: string, line2 = '', country = 'NL') => {
  const { street, number, addition, rest } = splitStreet(line1, line2, country);
  return [street, number, addition, rest];
};

describe('the house number is found', () => {
  test.each([
    ['Voorbeeldstraat 1', 'Voorbeeldstraat', '1', ''],
    ['Voorbeeldstraat 12A', 'Voorbeeldstraat', '12', 'A'],
    ['Voorbeeldstraat 12 bis', 'Voorbeeldstraat', '12', 'bis'],
    ['Voorbeeldstraat 12-3', 'Voorbeeldstraat', '12', '3'],
    ['Voorbeeldstraat 12/4', 'Voorbeeldstraat', '12', '4'],
    ['Voorbeeldstraat 12 - H', 'Voorbeeldstraat', '12', 'H'],
    ['Plein 1940-1945 7', 'Plein 1940-1945', '7', ''],
    ['2e Jacob van Campenstraat 15 hs', '2e Jacob van Campenstraat', '15', 'hs'],
    ['Straße des 17. Juni 135', 'Straße des 17. Juni', '135', ''],
    ['Calle 5 de Mayo 10', 'Calle 5 de Mayo', '10', ''],
    ['Hauptstr. 5, ', 'Hauptstr. 5,', '', ''],
    ['Mechelsesteenweg 20 bus 3', 'Mechelsesteenweg', '20', 'bus 3'],
    ['  Kerkweg  9 ', 'Kerkweg', '9', ''],
  ])('in "%s"', (line, street, number, addition) => {
    expect(split(line)).toEqual([street, number, addition, '']);
  });

  test('in a second line that holds nothing else', () => {
    expect(split('Voorbeeldstraat', '12 a')).toEqual(['Voorbeeldstraat', '12', 'a', '']);
  });
});

describe('the line stays whole', () => {
  test.each([
    ['12 rue de la Paix', 'FR'],
    ['5 Main Street', 'US'],
    ['Highway 12', 'US'],
    ['Straße des 17. Juni', 'DE'],
    ['Flat 2, The Old Mill', 'GB'],
    ['Postbus', 'NL'],
    ['', 'NL'],
  ])('"%s" in %s', (line, country) => {
    expect(split(line, 'c/o Example', country)).toEqual([line, '', '', 'c/o Example']);
  });

  test('and a second line that says more than a number is kept', () => {
    expect(split('Voorbeeldstraat 1', '2nd floor')).toEqual(['Voorbeeldstraat', '1', '', '2nd floor']);
    expect(split('Voorbeeldstraat', 'achter 12')).toEqual(['Voorbeeldstraat', '', '', 'achter 12']);
  });

  test('a very long line of digits costs no time', () => {
    const line = `${'1 '.repeat(5000)}x`;
    const started = performance.now();
    split(line);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
